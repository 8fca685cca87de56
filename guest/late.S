# Opens late: keeps IF=0 for some tenths of a second after it is ready, then sleeps like the main guest.

        .include "long64.inc"
        .include "tsc.inc"

        .set    WHILE, 1200000000                     # TSC cycles: 0.2 to 0.6 s on the CPUs of today

main:
        call    install_idt
        call    program_pics
        call    report_ready
        mov     $WHILE, %eax
        call    work
sleep:  sti
        hlt
        jmp     sleep
