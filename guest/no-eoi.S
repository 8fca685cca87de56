# The main guest without its EOI: the 8259 believes that the first interrupt is still being handled, and holds every
# other of the same or a lower priority.

        .set    NO_EOI, 1
        .include "long64.inc"

main:
        call    install_idt
        call    program_pics
        call    report_ready
sleep:  sti
        hlt
        jmp     sleep
