# The kernel of kernel.S with a Multiboot header, which QEMU boots as well (-kernel). It lacks the same, unless it is
# assembled with --defsym EOI=1.
        .code32
        .balign 4
        .long   0x1badb002, 0, -0x1badb002            # Multiboot
        .globl  _start
_start: mov     $stack_top, %esp
        lgdt    gdtr
        ljmp    $8, $1f
1:      mov     $handler, %eax                        # an interrupt gate for vector 0x20
        mov     %ax, gate
        movw    $8, gate + 2
        movw    $0x8e00, gate + 4
        shr     $16, %eax
        mov     %ax, gate + 6
        lidt    idtr
        mov     $0x11, %al                            # the master 8259: line 0 is vector 0x20
        out     %al, $0x20
        mov     $0x20, %al
        out     %al, $0x21
        mov     $0x04, %al
        out     %al, $0x21
        mov     $0x01, %al
        out     %al, $0x21
        mov     $0xfe, %al                            # unmask line 0
        out     %al, $0x21
        mov     $0x34, %al                            # the timer: a tick each 10 ms
        out     %al, $0x43
        mov     $0x9c, %al
        out     %al, $0x40
        mov     $0x2e, %al
        out     %al, $0x40
idle:   sti
        hlt
        jmp     idle

handler:
        push    %eax
        push    %edx
        mov     $0x3f8, %dx
        mov     $'.', %al
        out     %al, %dx
        .ifdef  EOI                                   # what it lacks: the end of interrupt, to the master 8259
        mov     $0x20, %al
        out     %al, $0x20
        .endif
        pop     %edx
        pop     %eax
        iret

        .balign 8
gdt:    .quad   0, 0x00cf9b000000ffff, 0x00cf93000000ffff
gdtr:   .short  gdtr - gdt - 1
        .long   gdt
idtr:   .short  0x20 * 8 + 7
        .long   idt
        .bss
        .balign 8
idt:    .skip   0x20 * 8
gate:   .skip   8
        .skip   4096
stack_top:
