# Set up like the main guest, but asleep with IF=0: nothing maskable ever reaches it.

        .include "long64.inc"

main:
        call    install_idt
        call    program_pics
        call    report_ready
asleep: cli
        hlt
        jmp     asleep
