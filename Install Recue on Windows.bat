@echo off
rem Double-click this file to install Recue, to check it or to take it off again.
if exist "%~dp0installer\start.bat" goto start
echo This file works only in the folder that it came in, and Windows shows the inside of a zip file as if it were one.
echo Right-click the zip file, choose "Extract All", and start this file in the folder that appears.
pause
exit /b 1
:start
"%~dp0installer\start.bat"
