# As busy, but closed three quarters of the time, each stretch longer than a batch of a host that emulates ring 0: who
# comes has to wait for the window, and finds it.

        .set    STAMPS_OPENING, 1
        .set    OPEN_STRETCH, 520
        .set    CLOSED_STRETCH, 1560
        .include "long64.inc"

main:
        call    install_idt
        call    program_pics
        call    report_ready
        .include "busy.inc"
