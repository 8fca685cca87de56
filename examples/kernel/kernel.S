# A kernel that prints a dot at each tick of the timer, and lacks something,
# unless it is assembled with --defsym EOI=1. An ELF file without a boot protocol starts in long mode: all memory is mapped,
# and the code segment's selector is 8.
        .globl  _start
_start: mov     $stack_top, %esp
        mov     $handler, %eax                        # an interrupt gate for vector 0x20
        mov     %ax, gate(%rip)
        movw    $8, gate + 2(%rip)
        movw    $0x8e00, gate + 4(%rip)
        shr     $16, %eax
        mov     %ax, gate + 6(%rip)
        lidt    idtr(%rip)
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
        push    %rax
        push    %rdx
        mov     $'.', %al
        mov     $0x3f8, %dx                           # COM1
        out     %al, %dx
        .ifdef  EOI                                   # what it lacks: the end of interrupt, to the master 8259
        mov     $0x20, %al
        out     %al, $0x20
        .endif
        pop     %rdx
        pop     %rax
        iretq

idtr:   .short  0x20 * 16 + 15
        .quad   idt
        .bss
idt:    .skip   0x20 * 16
gate:   .skip   16
        .skip   4096
stack_top:
