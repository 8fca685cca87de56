# A slow handler: it works with IF=0 for tens of milliseconds before its EOI. Meanwhile one interrupt of the line can be
# pending in the IRR; further ones coalesce. It handles NMIs the same way.

        .set    TAKES_NMI, 1
        .set    HANDLER_WORKS, 1
        .include "long64.inc"
        .include "tsc.inc"

        .set    WORK_CYCLES, 120000000                      # TSC cycles: 20 to 60 ms on current CPUs

main:
        call    install_idt
        call    program_pics
        call    report_ready
sleep:  sti
        hlt
        jmp     sleep

handler_work:
        mov     $WORK_CYCLES, %eax
        call    work
        ret
