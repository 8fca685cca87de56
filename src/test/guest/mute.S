# As pic, but never reports READY.

        .include "long64.inc"

main:
        call    install_idt
        call    program_pics
sleep:  sti
        hlt
        jmp     sleep
