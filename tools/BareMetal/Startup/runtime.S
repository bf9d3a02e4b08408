@ Functions that compiled C# calls by name. Written in C#, each would call itself, or could not use the registers that callers expect.
    .syntax unified
    .thumb

    .macro function name
    .thumb_func
    .globl \name
    .type \name, %function
\name:
    .endm

@ Where the linker put things, in the order of the C# structure MemoryLayout: symbols are reached by absolute words only.
    .section .rodata
    .balign 4
    .globl memory_layout
memory_layout:
    .word __ReadyToRunHeader
    .word data_start, data_end, data_image
    .word bss_start, bss_end
    .word heap_start, heap_end
    .word carveout_start, carveout_size

    .text
@ A reference is stored: r0 the field's address, r1 the reference. There is no collector that would have to know of it.
function RhpAssignRef
    str  r1, [r0]
    bx   lr
function RhpCheckedAssignRef
    str  r1, [r0]
    bx   lr

@ 64-bit shifts of r1:r0 by r2, as the compiler leaves them to the runtime. A shift by 32 or more moves one half into the other; ARM shifts
@ by the lowest byte of a register, and by 32 or more gives 0.
function RhpLLsh
    and  r2, r2, #63
    subs r3, r2, #32
    bpl  1f
    rsb  r3, r2, #32
    lsls r1, r2
    lsr  r3, r0, r3
    orrs r1, r3
    lsls r0, r2
    bx   lr
1:  lsl  r1, r0, r3
    movs r0, #0
    bx   lr
function RhpLRsz
    and  r2, r2, #63
    subs r3, r2, #32
    bpl  1f
    rsb  r3, r2, #32
    lsrs r0, r2
    lsl  r3, r1, r3
    orrs r0, r3
    lsrs r1, r2
    bx   lr
1:  lsr  r0, r1, r3
    movs r1, #0
    bx   lr
function RhpLRsh
    and  r2, r2, #63
    subs r3, r2, #32
    bpl  1f
    rsb  r3, r2, #32
    lsrs r0, r2
    lsl  r3, r1, r3
    orrs r0, r3
    asrs r1, r2
    bx   lr
1:  asr  r0, r1, r3
    asrs r1, r1, #31
    bx   lr

@ The low 64 bits of r1:r0 times r3:r2.
function RhpLMul
    mul  r1, r2, r1
    mla  r1, r0, r3, r1
    umull r0, r2, r0, r2
    add  r1, r2
    bx   lr

@ Entry from unmanaged code, of which there is none, and the names by which unwinding tables refer to routines that unwind.
function RhpReversePInvoke
function RhpReversePInvokeReturn
function __aeabi_unwind_cpp_pr0
function __aeabi_unwind_cpp_pr1
    bx   lr

@ The value that guards a stack frame. Any constant: it is compared with itself.
function __security_cookie
    .word 0x5bd1e995
