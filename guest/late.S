# Keeps IF=0 for some tenths of a second after it is ready, then sleeps like pic.

        .include "long64.inc"
        .include "tsc.inc"

        .set    WORK_CYCLES, 1200000000                     # TSC cycles: 0.2 to 0.6 s on current CPUs

main:
        call    install_idt
        call    program_pics
        call    report_ready
        mov     $WORK_CYCLES, %eax
        call    work
sleep:  sti
        hlt
        jmp     sleep
