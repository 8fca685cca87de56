# Keeps IF=0 for about a second after it is ready, then sleeps like pic.

        .include "long64.inc"
        .include "tsc.inc"

        .set    WORK_CYCLES, 3600000000                     # TSC cycles: 0.7 to 1.8 s on current CPUs

main:
        call    install_idt
        call    program_pics
        call    report_ready
        mov     $WORK_CYCLES, %eax
        call    work
sleep:  sti
        hlt
        jmp     sleep
