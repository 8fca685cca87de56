# As pic, but sleeps with IF=0: no maskable interrupt reaches it.

        .include "long64.inc"

main:
        call    install_idt
        call    program_pics
        call    report_ready
asleep: cli
        hlt
        jmp     asleep
