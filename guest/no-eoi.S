# As pic, but sends no EOI: the first interrupt stays in service at the 8259, which blocks all of the same or a lower
# priority.

        .set    NO_EOI, 1
        .include "long64.inc"

main:
        call    install_idt
        call    program_pics
        call    report_ready
sleep:  sti
        hlt
        jmp     sleep
