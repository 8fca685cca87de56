# Never asleep: computes with interrupts open, then with interrupts closed, in turn.

        .include "long64.inc"

        # Turns of each loop. Their sum is no power of two: a host that emulates ring 0 looks for interrupts every 1024
        # instructions or so, and would find the same half for ever.
        .set    OPEN_STRETCH, 640
        .set    CLOSED_STRETCH, 64

main:
        call    install_idt
        call    program_pics
        call    report_ready
again:  sti
        mov     $OPEN_STRETCH, %ecx
open:   dec     %ecx
        jnz     open
        cli
        mov     $CLOSED_STRETCH, %ecx
closed: dec     %ecx
        jnz     closed
        jmp     again
