@ Cortex-M: the vector table, and code that cannot be written in C#.
    .syntax unified
    .thumb

@ The processor reads the first two words for its stack pointer and its first instruction, the others at an exception.
    .section .vectors, "a", %progbits
    .word stack_top
    .word reset
    .rept 13
    .word fault
    .endr
    .word timer_interrupt
    .rept 128
    .word device_interrupt
    .endr

    .macro function name
    .thumb_func
    .globl \name
    .type \name, %function
\name:
    .endm

    .text
@ The processor has set the stack pointer; what is missing is the address of the linker's table.
function reset
    ldr  r0, =memory_layout
    b    start_up

@ Only here are the exception's number and the stack pointer at its entry still in registers.
function fault
    mrs  r0, ipsr
    mov  r1, sp
    b    processor_fault

@ A program that has handlers of these names replaces them; in any other an interrupt is a fault.
    .weak timer_interrupt
    .thumb_set timer_interrupt, fault
    .weak device_interrupt
    .thumb_set device_interrupt, fault

@ The instruction by which a debugger is called. The operation is in r0, its argument in r1, the result comes in r0.
function semihosting
    bkpt 0xab
    bx   lr

@ PRIMASK is no memory: interrupts off, and how it was before.
function mask_interrupts
    mrs  r0, primask
    cpsid i
    bx   lr

function restore_interrupts
    msr  primask, r0
    bx   lr

function wait_for_interrupt
    wfi
    bx   lr

@ The compiler calls a function for every division, and in a function that divided would call it again. These use the instruction,
@ which gives 0 for a division by zero instead of a fault.
function divide_unsigned
    cbz  r1, 1f
    udiv r0, r0, r1
    bx   lr
function remainder_unsigned
    cbz  r1, 1f
    udiv r2, r0, r1
    mls  r0, r2, r1, r0
    bx   lr
function divide_signed
    cbz  r1, 1f
    sdiv r0, r0, r1
    bx   lr
function remainder_signed
    cbz  r1, 1f
    sdiv r2, r0, r1
    mls  r0, r2, r1, r0
    bx   lr
1:  b    divide_by_zero
