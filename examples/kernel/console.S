# A kernel that talks on its serial port (COM1, line 4). It answers each key: d with the byte of a device at port 0x500, m
# with the byte of a device at address 0xd0000000, Enter with a prompt, any other with itself. Ctrl-D ends it. The word
# "interrupts" counts what arrived at line 4.
        .set    COM1, 0x3f8

        .globl  _start
_start: mov     $stack_top, %esp
        mov     $handler, %eax                        # an interrupt gate for vector 0x24
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
        mov     $0xef, %al                            # unmask line 4
        out     %al, $0x21
        mov     $COM1 + 4, %dx                        # OUT2 lets the port's interrupt pass
        mov     $0x08, %al
        out     %al, %dx
        mov     $COM1 + 1, %dx                        # interrupt when a key was received
        mov     $0x01, %al
        out     %al, %dx
        call    prompt
idle:   sti
        hlt
        jmp     idle

handler:
        push    %rax
        push    %rdx
        incl    interrupts(%rip)
next:   mov     $COM1 + 5, %dx                        # a key, or nothing (any more)?
        in      %dx, %al
        test    $1, %al
        jz      done
        mov     $COM1, %dx
        in      %dx, %al
        call    answer
        jmp     next
done:   mov     $0x20, %al                            # the end of interrupt
        out     %al, $0x20
        pop     %rdx
        pop     %rax
        iretq

answer: cmp     $'d', %al
        je      port
        cmp     $'m', %al
        je      memory
        cmp     $'\r', %al
        je      prompt
        cmp     $4, %al                               # Ctrl-D
        je      finish
show:   mov     $COM1, %dx
        out     %al, %dx
        ret

port:   mov     $0x500, %dx
        in      %dx, %al
        out     %al, %dx                              # and writes it back
        jmp     show

memory: mov     $0xd0000000, %edx
        mov     (%rdx), %al
        mov     %al, 4(%rdx)                          # and writes it to the register behind
        jmp     show

prompt: mov     $'\n', %al
        call    show
        mov     $'>', %al
        call    show
        mov     $' ', %al
        jmp     show

finish: mov     $0x10, %al
        out     %al, $0xf4
        hlt

idtr:   .short  0x25 * 16 - 1
        .quad   idt
        .bss
        .balign 16
idt:    .skip   0x24 * 16
gate:   .skip   16
interrupts:
        .skip   16
        .skip   4096
stack_top:
