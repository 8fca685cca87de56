# As pic, but spins in ring 0 with IF=0 and never exits by itself.

        .include "long64.inc"

main:
        call    install_idt
        call    program_pics
        call    report_ready
        cli
spinning:
        jmp     spinning
