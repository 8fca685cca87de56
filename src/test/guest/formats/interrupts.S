# elf64 at 0x100000
# Takes interrupts of the PIT, of the clock and of the serial port: prints "ticks" after five of each timer, then repeats
# what is typed, and ends at a q.
        .set    COM1, 0x3f8

        .globl  _start
_start: mov     $stack_top, %esp
        mov     $0x11, %al                            # both 8259s: vectors from 0x20 and 0x28
        out     %al, $0x20
        out     %al, $0xa0
        mov     $0x20, %al
        out     %al, $0x21
        mov     $0x28, %al
        out     %al, $0xa1
        mov     $4, %al
        out     %al, $0x21
        mov     $2, %al
        out     %al, $0xa1
        mov     $1, %al
        out     %al, $0x21
        out     %al, $0xa1
        mov     $0xea, %al                            # lines 0, 2 and 4
        out     %al, $0x21
        mov     $0xfe, %al                            # line 8
        out     %al, $0xa1
        mov     $pit, %eax
        mov     $0x20, %edi
        call    gate
        mov     $serial, %eax
        mov     $0x24, %edi
        call    gate
        mov     $clock, %eax
        mov     $0x28, %edi
        call    gate
        mov     $spurious, %eax
        mov     $0x2f, %edi
        call    gate
        lidt    idtr(%rip)
        mov     $0x34, %al                            # counter 0, mode 2, 1 ms
        out     %al, $0x43
        mov     $0xa9, %al
        out     %al, $0x40
        mov     $0x04, %al
        out     %al, $0x40
        mov     $0x0b, %al                            # register B: periodic interrupt
        out     %al, $0x70
        mov     $0x42, %al
        out     %al, $0x71
        mov     $COM1 + 4, %dx                        # OUT2
        mov     $0x08, %al
        out     %al, %dx
        mov     $COM1 + 1, %dx                        # received data
        mov     $0x01, %al
        out     %al, %dx
1:      sti
        hlt
        cli
        cmpl    $5, pits(%rip)
        jb      1b
        cmpl    $5, clocks(%rip)
        jb      1b
        mov     $0xeb, %al                            # no more of the timers
        out     %al, $0x21
        mov     $0xff, %al
        out     %al, $0xa1
        mov     $COM1, %dx
        lea     ticks(%rip), %rsi
2:      lodsb
        test    %al, %al
        jz      3f
        out     %al, %dx
        jmp     2b
3:      sti
        hlt
        jmp     3b

# Makes EAX the handler of vector EDI.
gate:   shl     $4, %edi
        add     $idt, %edi
        mov     %ax, (%rdi)
        movw    $0x08, 2(%rdi)
        movw    $0x8e00, 4(%rdi)
        shr     $16, %eax
        mov     %ax, 6(%rdi)
        ret

pit:    push    %rax
        incl    pits(%rip)
        mov     $0x20, %al
        out     %al, $0x20
        pop     %rax
        iretq

clock:  push    %rax
        incl    clocks(%rip)
        mov     $0x0c, %al
        out     %al, $0x70
        in      $0x71, %al
        mov     $0x20, %al
        out     %al, $0xa0
        out     %al, $0x20
        pop     %rax
        iretq

serial: push    %rax
        push    %rdx
        mov     $COM1, %dx
        in      %dx, %al
        out     %al, %dx
        cmp     $'q', %al
        je      finish
        mov     $0x20, %al
        out     %al, $0x20
        pop     %rdx
        pop     %rax
        iretq

# The slave's request was masked meanwhile.
spurious:
        push    %rax
        mov     $0x20, %al
        out     %al, $0x20
        pop     %rax
        iretq

finish: mov     $0x10, %eax
        out     %eax, $0xf4
        hlt

ticks:  .asciz  "ticks\n"
idtr:   .short  0xfff
        .quad   idt
        .bss
        .balign 8
idt:    .skip   0x1000
pits:   .skip   4
clocks: .skip   4
        .skip   4096
stack_top:
