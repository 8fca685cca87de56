# A slow handler: it works with IF=0 for some hundredths of a second before it ends its interrupt. What comes meanwhile
# waits in one bit, or coalesces. NMIs it takes in the same way.

        .set    TAKES_NMI, 1
        .set    HANDLER_WORKS, 1
        .include "long64.inc"
        .include "tsc.inc"

        .set    WHILE, 120000000                      # TSC cycles: 20 to 60 ms on the CPUs of today

main:
        call    install_idt
        call    program_pics
        call    report_ready
sleep:  sti
        hlt
        jmp     sleep

handler_work:
        mov     $WHILE, %eax
        jmp     work
