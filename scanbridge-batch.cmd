@echo off
rem Runs a KNIME workflow directory without a window, with the arguments of KNIME's own batch executor or of NodePit Batch.
rem In a checkout it builds what is missing first; delete the runtime folder to have it built again. The release brings its
rem runtime. Without arguments it prints the usage.
rem
rem   scanbridge-batch -reset -nosave "-workflowDir=workflows\Adapt a model to a new site"
rem
rem cmd takes "=" and "," between arguments for spaces: put each argument that has one in quotes.
rem JAVA_HOME, SCANBRIDGE_HEAP (default 1500m) and SCANBRIDGE_JAVA_OPTS (further JVM options) are honored.
setlocal DisableDelayedExpansion

set "root=%~dp0"
set "module=plugins/standin/runtime"
set "runtime=%root%plugins\standin\runtime\target\runtime"
if exist "%root%runtime\assembled" set "runtime=%root%runtime"
set "java=java"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java"
if not defined SCANBRIDGE_HEAP set "SCANBRIDGE_HEAP=1500m"

"%java%" -version >nul 2>&1
if errorlevel 1 (
  >&2 echo scanbridge-batch: no Java found ^("%java%"^). Install a JDK 17 or set JAVA_HOME
  exit /b 5
)
if exist "%runtime%\assembled" goto run
where mvn >nul 2>&1
if errorlevel 1 (
  >&2 echo scanbridge-batch: the runtime is missing, and there is no Maven ^(mvn^) to build it
  exit /b 5
)
>&2 echo scanbridge-batch: building; with an empty Maven repository this downloads about 300 MB from Maven Central
call mvn -q -B -ntp -Dstyle.color=never -f "%root%pom.xml" -pl "%module%" -am -Dmaven.test.skip=true package 1>&2
if errorlevel 1 (
  >&2 echo scanbridge-batch: the build failed, see above
  exit /b 5
)

:run
rem TensorFlow's memory lies outside the heap; together they stay below 4 GB.
"%java%" -Xmx%SCANBRIDGE_HEAP% -Djava.awt.headless=true %SCANBRIDGE_JAVA_OPTS% ^
  -jar "%runtime%\plugins\org.eclipse.equinox.launcher.jar" ^
  -nosplash -consoleLog -application org.knime.product.KNIME_BATCH_APPLICATION %*
exit /b %ERRORLEVEL%
