# Reports READY before it is ready, when it is, and again at every wakeup.

        .include "long64.inc"

main:
        call    report_ready
        call    install_idt
        call    program_pics
again:  call    report_ready
        sti
        hlt
        jmp     again
