# As pic, but its handlers only count: no exit for an interrupt taken.

        .set    QUIET, 1
        .include "long64.inc"

main:
        call    install_idt
        call    program_pics
        call    report_ready
sleep:  sti
        hlt
        jmp     sleep
