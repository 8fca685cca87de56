# Opens late: computes with IF=0 for a while after it is ready, then sleeps like the main guest.

        .include "long64.inc"

        .set    WHILE, 400000                         # turns; a fraction of a second where ring 0 is emulated

main:
        call    install_idt
        call    program_pics
        call    report_ready
        mov     $WHILE, %ecx
closed: dec     %ecx
        jnz     closed
sleep:  sti
        hlt
        jmp     sleep
