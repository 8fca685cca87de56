# elf64 at 0x100000
# Sleeps in sti; hlt, at the symbol idle, with line 4 open: its handler sends an EOI, and nothing else interrupts.
        .globl  _start
_start: mov     $stack_top, %esp
        mov     $handler, %eax                        # an interrupt gate for vector 0x24
        mov     %ax, gate(%rip)
        movw    $8, gate + 2(%rip)
        movw    $0x8e00, gate + 4(%rip)
        shr     $16, %eax
        mov     %ax, gate + 6(%rip)
        lidt    idtr(%rip)
        mov     $0x11, %al
        out     %al, $0x20
        mov     $0x20, %al
        out     %al, $0x21
        mov     $0x04, %al
        out     %al, $0x21
        mov     $0x01, %al
        out     %al, $0x21
        mov     $0xef, %al                            # unmask line 4
        out     %al, $0x21
idle:   sti
        hlt
        jmp     idle

handler:
        push    %rax
        mov     $0x20, %al
        out     %al, $0x20
        pop     %rax
        iretq

idtr:   .short  0x24 * 16 + 15
        .quad   idt
        .bss
idt:    .skip   0x24 * 16
gate:   .skip   16
        .skip   4096
stack_top:
