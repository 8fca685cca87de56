# A guest with APICs: 64-bit; masks the 8259s, unmasks the requested GSIs at the IOAPIC, sleeps in `sti; hlt`.

        .set    APIC, 1
        .include "long64.inc"

main:
        call    install_idt
        call    program_apics
        call    report_ready
sleep:  sti
        hlt
        jmp     sleep
