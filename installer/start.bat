@echo off
rem Finds a Python with which Recue can be installed, and runs install.py with it. For the file to
rem double-click, which is at the top of the project. All that comes from outside stands in quotes
rem and is expanded once: paths have blanks, ampersands, brackets, percent and exclamation marks.
setlocal EnableExtensions DisableDelayedExpansion
title Recue
set "here=%~dp0.."
set "probe=%~dp0probe.py"
for /f "usebackq delims=" %%v in ("%~dp0python-versions.txt") do set "versions=%%v"
for /f %%v in ("%versions%") do set "newest=%%v"
set "listed="
for %%v in (%versions%) do call :list %%v
rem Python's own install manager would otherwise download what it is only asked about.
set "PYTHON_MANAGER_AUTOMATIC_INSTALL=false"

set "found="
set "lacking="
set "store="
call :find
if not defined found call :offer_winget
if not defined found call :offer_uv
if defined found goto install
if defined lacking goto lacking
echo Recue needs a Python of one of the versions %listed%, and none was found: get it from https://www.python.org/downloads/ and start this file again.
if defined store echo The python.exe that is here only opens the Microsoft Store, or belongs to it; Recue cannot use that one.
set "status=1"
goto failed

:lacking
set "found=%lacking%"
set "found_option=%lacking_option%"
:install
"%found%" %found_option% "%here%\install.py" --ask
set "status=%errorlevel%"
if "%status%"=="0" exit /b 0
:failed
echo.
pause
exit /b %status%

:list
if defined listed (set "listed=%1, %listed%") else set "listed=%1"
goto :eof

rem The launcher first, then the places of python.org, its install manager, pyenv and uv.
:find
for %%p in (py.exe) do set "py=%%~$PATH:p"
if not defined py set "py=%LOCALAPPDATA%\Programs\Python\Launcher\py.exe"
if not exist "%py%" set "py=%SystemRoot%\py.exe"
for %%v in (%versions%) do call :find_version %%v
if defined found goto :eof
for %%p in (python.exe) do set "python=%%~$PATH:p"
set "option="
call :try
if not exist "%LOCALAPPDATA%\Microsoft\WindowsApps\python.exe" goto :eof
set "store=yes"
goto :eof

:find_version
if defined found goto :eof
set "version=%1"
set "digits=%version:.=%"
set "option=-%version%"
set "python=%py%"
call :try
set "option="
set "python=%LOCALAPPDATA%\Programs\Python\Python%digits%\python.exe"
call :try
set "python=%ProgramFiles%\Python%digits%\python.exe"
call :try
set "python=%SystemDrive%\Python%digits%\python.exe"
call :try
set "python=%LOCALAPPDATA%\Python\pythoncore-%version%-64\python.exe"
call :try
set "folder=%USERPROFILE%\.pyenv\pyenv-win"
if defined PYENV_ROOT set "folder=%PYENV_ROOT%"
set "folder=%folder%\versions"
set "pattern=%version%.*"
call :try_folders
set "folder=%APPDATA%\uv\python"
if defined UV_PYTHON_INSTALL_DIR set "folder=%UV_PYTHON_INSTALL_DIR%"
set "pattern=cpython-%version%.*"
call :try_folders
goto :eof

:try_folders
if defined found goto :eof
if not exist "%folder%" goto :eof
pushd "%folder%"
for /d %%d in (%pattern%) do call :try_folder "%%~nxd"
popd
goto :eof

:try_folder
set "python=%folder%\%~1\python.exe"
goto try

rem Tries a Python with an option. The Store's stub finds nothing and ends with a status of its own.
:try
if defined found goto :eof
if not defined python goto :eof
if not exist "%python%" goto :eof
"%python%" %option% -I "%probe%" >nul 2>nul <nul
set "status=%errorlevel%"
if "%status%"=="0" set "found=%python%"
if "%status%"=="0" set "found_option=%option%"
if "%status%"=="11" set "lacking=%python%"
if "%status%"=="11" set "lacking_option=%option%"
if "%status%"=="12" set "store=yes"
goto :eof

:offer_winget
for %%p in (winget.exe) do set "winget=%%~$PATH:p"
if not defined winget goto :eof
call :ask "Recue needs Python, and found none that will do. Shall winget download Python %newest% for you?"
if not "%answer%"=="y" goto :eof
"%winget%" install --exact --id Python.Python.%newest% --source winget --scope user
call :find
goto :eof

:offer_uv
for %%p in (uv.exe) do set "uv=%%~$PATH:p"
if not defined uv set "uv=%USERPROFILE%\.local\bin\uv.exe"
if not exist "%uv%" goto :eof
call :ask "Recue needs Python, and found none that will do. Shall uv download Python %newest% for you?"
if not "%answer%"=="y" goto :eof
"%uv%" python install %newest%
call :find
goto :eof

rem Leaves the letter y in the variable if the user agrees.
:ask
set "answer=n"
set /p "answer=%~1 [y/N] "
set "answer=%answer:"=%"
if /i "%answer:~0,1%"=="y" (set "answer=y") else set "answer=n"
goto :eof
