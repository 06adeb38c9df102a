@echo off
rem Finds a Python and hands over to flows\bootstrap.py, which sets up what is missing.
where py >nul 2>nul && (py -3 "%~dp0flows\bootstrap.py" check %* & exit /b)
where python >nul 2>nul && (python "%~dp0flows\bootstrap.py" check %* & exit /b)
echo mentionwatch: Python 3.11 or newer is needed and was not found 1>&2
exit /b 2
