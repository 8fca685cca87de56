# Set up like the main guest, and asleep open like it, but it never says that it is ready.

        .include "long64.inc"

main:
        call    install_idt
        call    program_pics
sleep:  sti
        hlt
        jmp     sleep
