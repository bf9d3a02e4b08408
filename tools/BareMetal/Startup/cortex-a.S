@ Cortex-A8: the vectors, and code that cannot be written in C#.
    .syntax unified
    .thumb

    .macro function name
    .thumb_func
    .globl \name
    .type \name, %function
\name:
    .endm

@ Eight branches, of which only those of an undefined instruction (1), a prefetch abort (3) and a data abort (4) can be taken here.
    .section .vectors, "ax", %progbits
    .balign 32
vectors:
    .rept 8
    b.w  fault
    .endr

    .text
@ The processor sets no stack pointer, and its coprocessors have instructions of their own: exceptions in Thumb state (SCTLR.TE), at
@ our vectors (VBAR) rather than at address 0.
function reset
    ldr  sp, =stack_top
    ldr  r0, =vectors
    mcr  p15, 0, r0, c12, c0, 0
    mrc  p15, 0, r0, c1, c0, 0
    orr  r0, r0, #0x40000000
    mcr  p15, 0, r0, c1, c0, 0
    ldr  r0, =memory_layout
    b    start_up

@ The exception's mode has a stack pointer of its own, which nobody has set. The address of the fault is in the coprocessor (DFAR).
function fault
    ldr  sp, =stack_top
    sub  r0, lr, #8
    mrc  p15, 0, r1, c6, c0, 0
    b    processor_fault

@ The MMU is switched on by the coprocessor: table base (TTBR0), all domains checked against the table (DACR), enable (SCTLR.M).
function translate_by
    mcr  p15, 0, r0, c2, c0, 0
    movs r0, #1
    mcr  p15, 0, r0, c3, c0, 0
    mrc  p15, 0, r0, c1, c0, 0
    orr  r0, r0, #1
    mcr  p15, 0, r0, c1, c0, 0
    isb
    bx   lr

@ The instruction by which a debugger is called. The operation is in r0, its argument in r1, the result comes in r0. It is an exception
@ on this processor and would overwrite lr, had it not been caught.
function semihosting
    svc  0xab
    bx   lr

function wait_for_interrupt
    wfi
    bx   lr
