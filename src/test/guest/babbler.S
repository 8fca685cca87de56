# Writes garbage of every width to every port, including the doorbell and the 8259s, reads them all, and sets a flag in
# the mailbox when it has finished.

        .include "long64.inc"

        .set    DONE, 0x600d600d
        .set    PORTS, 0x10000
        .set    GARBAGE, 0x10000                      # memory with arbitrary content; INS writes there too

main:
        mov     $0x2545f491, %ebx                     # state of a linear congruential generator, always the same
        xor     %edx, %edx
each:   imul    $1664525, %ebx, %ebx
        add     $1013904223, %ebx
        mov     %ebx, %eax
        out     %al, %dx
        out     %ax, %dx
        out     %eax, %dx
        in      %dx, %al
        in      %dx, %ax
        in      %dx, %eax
        # each of the first 4096 ports, where devices are; every 61st of the rest
        cmp     $0x1000, %edx
        jb      next
        add     $60, %edx
next:   inc     %edx
        cmp     $PORTS, %edx
        jb      each

        # INS and OUTS, one page at a time
        mov     $ports, %r8d
string: movzwl  (%r8), %edx
        mov     $GARBAGE, %edi
        mov     $4096, %ecx
        rep insb
        mov     $GARBAGE, %esi
        mov     $4096, %ecx
        rep outsb
        mov     $GARBAGE, %esi
        mov     $2048, %ecx
        rep outsw
        mov     $GARBAGE, %esi
        mov     $1024, %ecx
        rep outsl
        add     $2, %r8d
        cmp     $ports_end, %r8d
        jb      string

        movl    $DONE, MAILBOX_SPURIOUS
asleep: cli
        hlt
        jmp     asleep

        .section .rodata
ports:  .word   0, PIC_MASTER_COMMAND, PIC_MASTER_DATA, PIC_SLAVE_COMMAND, PIC_SLAVE_DATA, PIC_MASTER_ELCR
        .word   DOORBELL_PORT, DOORBELL_PORT + 1, 0xffff
ports_end:
