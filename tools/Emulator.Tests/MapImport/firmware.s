        .cpu cortex-m4
        .thumb
        .text
        .global _start
_start: bx lr
        .data
        .space 500
        .bss
        .space 70000
