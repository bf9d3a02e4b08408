# cmake -DLD=<GNU ld> -DNM=<nm> -DOBJECT=<any object file> -DNATIVE=<Board/Native> -DFOLDER=<to write in> -P linker_test.cmake
#
# Links with the region's script after one like the target's: the symbols must have the right addresses, and a heap that was not made smaller
# must be refused. Addresses and lengths of ext_ram and graphics_ram are those of nf-interpreter's STM32F76xx_CLR.ld.
cmake_policy(VERSION 3.18)
file(MAKE_DIRECTORY ${FOLDER})

function(link ext_ram result output)
  file(WRITE ${FOLDER}/target.ld "
MEMORY
{
    flash (rx) : org = 0x08000000, len = 1M
    ext_ram (wx) : org = 0xC0000000, len = ${ext_ram}
    graphics_ram (wx) : org = 0xC0D00000, len = 2377728
}
INCLUDE ${NATIVE}/platform/stm32f769-disco.ld
SECTIONS
{
    /DISCARD/ : { *(*) }
}
")
  execute_process(COMMAND ${LD} -T ${FOLDER}/target.ld -o ${FOLDER}/linked ${OBJECT} RESULT_VARIABLE code OUTPUT_VARIABLE text ERROR_VARIABLE text)
  set(${result} ${code} PARENT_SCOPE)
  set(${output} "${text}" PARENT_SCOPE)
endfunction()

link(4M code text)
if(NOT code EQUAL 0)
  message(FATAL_ERROR "does not link: ${text}")
endif()
execute_process(COMMAND ${NM} ${FOLDER}/linked OUTPUT_VARIABLE symbols)
foreach(expected "c0400000 A __carveout_start__" "c0d00000 A __carveout_end__")
  if(NOT "${symbols}" MATCHES "${expected}")
    message(FATAL_ERROR "expected ${expected} in ${symbols}")
  endif()
endforeach()

link(13631488 code text)
if(code EQUAL 0 OR NOT "${text}" MATCHES "ext_ram, the managed heap's, runs into carveout_ram")
  message(FATAL_ERROR "a heap over the region was linked: ${text}")
endif()
message(STATUS "linked")
