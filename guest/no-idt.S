# Installs an empty IDT: any interrupt causes an exception that cannot be delivered either, and so a triple fault.

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
