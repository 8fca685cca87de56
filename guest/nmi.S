# Takes non-maskable interrupts: asleep with IF=0, so that nothing else could wake it.

        .set    TAKES_NMI, 1
        .include "long64.inc"

main:
        call    install_idt
        call    program_pics
        call    report_ready
asleep: cli
        hlt
        jmp     asleep
