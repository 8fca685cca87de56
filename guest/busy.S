# Never asleep: computes with interrupts open, then with interrupts closed, in turn.

        .include "long64.inc"

        .set    STRETCH, 256                          # turns of each loop

main:
        call    install_idt
        call    program_pics
        call    report_ready
again:  sti
        mov     $STRETCH, %ecx
open:   dec     %ecx
        jnz     open
        cli
        mov     $STRETCH, %ecx
closed: dec     %ecx
        jnz     closed
        jmp     again
