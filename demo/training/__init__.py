"""What `demo.train_model` is made of: loss, batches, noise, the network."""
