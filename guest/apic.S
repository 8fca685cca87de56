# The main guest of a newer PC: 64-bit, 8259s masked, the ordered GSI open at the IOAPIC, asleep in `sti; hlt`.

        .set    APIC, 1
        .include "long64.inc"

main:
        call    install_idt
        call    program_apics
        call    report_ready
sleep:  sti
        hlt
        jmp     sleep
