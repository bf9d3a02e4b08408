# For nf-interpreter: copied to CMake/Modules there, with this folder as InteropAssemblies/Carveout.Native (docs/native.md). The build uses
# it if NF_INTEROP_ASSEMBLIES names Carveout.Native.
set(CarveoutNativeFolder ${PROJECT_SOURCE_DIR}/InteropAssemblies/Carveout.Native)

# CARVEOUT_PLATFORM may name the platform; otherwise it follows from the target.
if(NOT CARVEOUT_PLATFORM)
  if(RTOS STREQUAL "ESP32" OR TARGET_SERIES MATCHES "^ESP32")
    set(CARVEOUT_PLATFORM esp32)
  elseif(TARGET_SERIES MATCHES "^STM32")
    set(CARVEOUT_PLATFORM stm32)
  else()
    message(FATAL_ERROR "Carveout.Native has no platform for RTOS '${RTOS}', TARGET_SERIES '${TARGET_SERIES}': "
      "expected ESP32 or STM32, or CARVEOUT_PLATFORM to name a file platform/carveout_<name>.c")
  endif()
endif()

set(Carveout.Native_INCLUDE_DIRS
  ${PROJECT_SOURCE_DIR}/src/CLR/Core
  ${PROJECT_SOURCE_DIR}/src/CLR/Include
  ${PROJECT_SOURCE_DIR}/src/HAL/Include
  ${PROJECT_SOURCE_DIR}/src/PAL/Include
  ${CarveoutNativeFolder}/core
  ${CarveoutNativeFolder}/platform
  ${CarveoutNativeFolder}/interop)

set(Carveout.Native_SOURCES
  ${CarveoutNativeFolder}/interop/Carveout_Native.cpp
  ${CarveoutNativeFolder}/interop/Carveout_Native_Carveout_Board_Native_NativeMethods.cpp
  ${CarveoutNativeFolder}/core/carveout_region.c
  ${CarveoutNativeFolder}/platform/carveout_${CARVEOUT_PLATFORM}.c)

foreach(source ${Carveout.Native_SOURCES})
  if(NOT EXISTS ${source})
    message(FATAL_ERROR "Carveout.Native: ${source} is not there: copy Board/Native of Carveout to InteropAssemblies/Carveout.Native")
  endif()
endforeach()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(INTEROP-Carveout.Native REQUIRED_VARS Carveout.Native_INCLUDE_DIRS Carveout.Native_SOURCES)
