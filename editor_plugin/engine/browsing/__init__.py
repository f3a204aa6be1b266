"""What of this computer's folders the page shows, so that nothing has to be uploaded."""
