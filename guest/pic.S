# The main guest: 64-bit; programs both 8259s, unmasks the requested lines, sleeps in `sti; hlt`.

        .include "long64.inc"

main:
        call    install_idt
        call    program_pics
        call    report_ready
sleep:  sti                                           # in the STI shadow, HLT begins before an interrupt is taken
        hlt
        jmp     sleep
