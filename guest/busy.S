# Never asleep: computes with interrupts open, then with interrupts closed, in turn.

        .include "long64.inc"

main:
        call    install_idt
        call    program_pics
        call    report_ready
        .include "busy.inc"
