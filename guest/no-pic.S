# Does not program the 8259s: their base vectors stay 0, so IRQ 10 would arrive as vector 2, an exception vector.

        .include "long64.inc"

main:
        call    install_idt
        call    report_ready
sleep:  sti
        hlt
        jmp     sleep
