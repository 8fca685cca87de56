# With IF=0, reports interrupts that it never took, for every vector, again and again.

        .include "long64.inc"

main:
        call    install_idt
        call    program_pics
        call    report_ready
        mov     $DOORBELL_PORT, %edx
again:  mov     $(DOORBELL_TAKEN << 24), %eax
each:   out     %eax, %dx
        inc     %al
        jnz     each
        jmp     again
