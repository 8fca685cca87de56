# The main guest: 64-bit, both 8259s programmed, the ordered line open, asleep in `sti; hlt`.

        .include "long64.inc"

main:
        call    install_idt
        call    program_pics
        call    report_ready
sleep:  sti                                           # the shadow of STI lets HLT begin before an interrupt is taken
        hlt
        jmp     sleep
