# elf64 at 0x100000
# Takes what every controller has: line 4 at vector 0x24 and line 5, a level, at 0x25; pins 20 and 21, a level, of
# the IOAPIC at 0x54 and 0x55; messages, and NMIs. Each handler sends its EOI. Sleeps at the symbol idle.
        .set    LAPIC, 0xfee00000
        .set    IOAPIC, 0xfec00000
        .include "pic.inc"
        .globl  _start
_start: mov     $stack_top, %esp
        mov     $256, %ecx
        mov     $idt, %edi
        mov     $message, %eax
1:      call    gate
        dec     %ecx
        jnz     1b
        mov     $idt + 2 * 16, %edi
        mov     $nmi, %eax
        call    gate
        mov     $idt + 0x24 * 16, %edi
        mov     $line, %eax
        call    gate
        mov     $idt + 0x25 * 16, %edi
        mov     $line, %eax
        call    gate
        lidt    idtr(%rip)
        open_lines 1 << 4 | 1 << 5
        mov     $0x4d0, %dx                           # ELCR: line 5 is a level
        mov     $0x20, %al
        out     %al, %dx
        mov     $LAPIC, %ebx
        movl    $0x1ff, 0xf0(%rbx)                    # SVR: enabled
        mov     $IOAPIC, %ebx
        movl    $0x10 + 2 * 20, (%rbx)
        movl    $0x54, 0x10(%rbx)
        movl    $0x11 + 2 * 20, (%rbx)
        movl    $0, 0x10(%rbx)
        movl    $0x10 + 2 * 21, (%rbx)
        movl    $0x8055, 0x10(%rbx)
        movl    $0x11 + 2 * 21, (%rbx)
        movl    $0, 0x10(%rbx)
idle:   sti
        hlt
        jmp     idle

# An interrupt gate at RDI to EAX.
gate:   mov     %ax, (%rdi)
        movw    $8, 2(%rdi)
        movw    $0x8e00, 4(%rdi)
        mov     %eax, %edx
        shr     $16, %edx
        mov     %dx, 6(%rdi)
        add     $16, %edi
        ret

line:   push    %rax
        mov     $0x20, %al
        out     %al, $0x20
        pop     %rax
        iretq

message:
        push    %rbx
        mov     $LAPIC, %ebx
        movl    $0, 0xb0(%rbx)
        pop     %rbx
        iretq

nmi:    iretq

        .include "idt64.inc"
