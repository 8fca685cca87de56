# Says that it is ready before it is, when it is, and again whenever it wakes.

        .include "long64.inc"

main:
        call    report_ready
        call    install_idt
        call    program_pics
again:  call    report_ready
        sti
        hlt
        jmp     again
