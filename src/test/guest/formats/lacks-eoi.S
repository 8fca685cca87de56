# elf64 at 0x100000
# Takes one interrupt of the timer, and sends no EOI: prints a dot in its handler, and sleeps. At the symbol asleep it has
# returned from the handler.
        .globl  _start
_start: mov     $stack_top, %esp
        mov     $handler, %eax
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
        mov     $0xfe, %al
        out     %al, $0x21
        mov     $0x30, %al                            # counter 0, mode 0: one interrupt, after 10 ms
        out     %al, $0x43
        mov     $0x9c, %al
        out     %al, $0x40
        mov     $0x2e, %al
        out     %al, $0x40
        sti
        hlt
asleep: hlt
        jmp     asleep

handler:
        mov     $'.', %al
        out     %al, $0xe9
        iretq

idtr:   .short  0x20 * 16 + 15
        .quad   idt
        .bss
idt:    .skip   0x20 * 16
gate:   .skip   16
        .skip   4096
stack_top:
