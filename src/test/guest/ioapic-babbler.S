# Writes garbage of every width to every register of the IOAPIC and to the bytes around them, reads them all, and sets a
# flag in the mailbox when it has finished. IF stays 0: interrupts of the pins stay pending in the LAPIC.

        .set    APIC, 1
        .include "long64.inc"

        .set    DONE, 0x600d600d
        .set    ROUNDS, 8
        .set    REGISTERS, 0x60                       # 0x40 and up do not exist
        .set    BYTES, 0x110                          # a few beyond the last
        .set    HARMLESS, 0xfffef8ff                  # fixed and not masked: an SMI, NMI or INIT would end this guest

main:
        call    program_apics
        mov     $0x2545f491, %esi                     # state of a linear congruential generator
        mov     $ROUNDS, %r8d
round:  xor     %ecx, %ecx
each:   call    garbage
        mov     $IOAPIC_INDEX, %ebx
        mov     %ecx, (%rbx)
        and     $HARMLESS, %eax
        mov     %eax, IOAPIC_DATA - IOAPIC_INDEX(%rbx)
        mov     IOAPIC_DATA - IOAPIC_INDEX(%rbx), %eax
        mov     %al, IOAPIC_DATA - IOAPIC_INDEX(%rbx)
        mov     %ax, IOAPIC_DATA - IOAPIC_INDEX + 1(%rbx)
        mov     %rax, IOAPIC_DATA - IOAPIC_INDEX(%rbx)
        inc     %ecx
        cmp     $REGISTERS, %ecx
        jb      each
        dec     %r8d
        jnz     round

        # the memory-mapped registers, including the index register, and the bytes beyond
        mov     $IOAPIC_INDEX, %ebx
        mov     $BYTES, %ecx
1:      call    garbage
        and     $HARMLESS, %eax
        mov     %al, (%rbx)
        mov     %ax, (%rbx)
        mov     %eax, (%rbx)
        mov     %rax, (%rbx)
        mov     (%rbx), %dl
        mov     (%rbx), %dx
        mov     (%rbx), %edx
        mov     (%rbx), %rdx
        inc     %ebx
        dec     %ecx
        jnz     1b

        movl    $DONE, MAILBOX_SPURIOUS
asleep: cli
        hlt
        jmp     asleep

# EAX = a pseudo-random number.
garbage:
        imul    $1664525, %esi, %esi
        add     $1013904223, %esi
        mov     %esi, %eax
        ret
