# Installs an empty IDT: any interrupt, and then the exception that follows from it, ends in a triple fault.

        .include "long64.inc"

main:
        lidt    empty_idt_pointer
        call    program_pics
        call    report_ready
sleep:  sti
        hlt
        jmp     sleep

        .section .rodata
empty_idt_pointer:
        .word   0
        .quad   0
