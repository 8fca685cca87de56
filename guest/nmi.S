# Takes non-maskable interrupts; sleeps with IF=0, so no other interrupt wakes it.

        .set    TAKES_NMI, 1
        .include "long64.inc"

main:
        call    install_idt
        call    program_pics
        call    report_ready
asleep: cli
        hlt
        jmp     asleep
