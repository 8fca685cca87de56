# As apic, but its handlers send no EOI: the vector stays in service and blocks those of the same or a lower priority
# class.

        .set    APIC, 1
        .set    NO_EOI, 1
        .include "long64.inc"

main:
        call    install_idt
        call    program_apics
        call    report_ready
sleep:  sti
        hlt
        jmp     sleep
