# Never sleeps: computes alternately with IF=1 and IF=0.

        .include "long64.inc"

main:
        call    install_idt
        call    program_pics
        call    report_ready
        .include "busy.inc"
