# elf32 at 0x100000
# Resets the machine as its command line says: t triple fault, k keyboard controller, p port 0xcf9, f port 0x92.
        .code32
        .balign 4
header: .long   0x1badb002, 0, -0x1badb002
        .globl  _start
_start: mov     16(%ebx), %esi
1:      lodsb                                         # the last word of the command line
        test    %al, %al
        jz      2f
        mov     %al, %cl
        jmp     1b
2:      cmp     $'t', %cl
        je      triple
        cmp     $'k', %cl
        je      keyboard
        cmp     $'p', %cl
        je      port
        mov     $1, %al
        out     %al, $0x92
        jmp     still_running
keyboard:
        mov     $0xfe, %al
        out     %al, $0x64
        jmp     still_running
port:   mov     $0xcf9, %dx
        mov     $6, %al
        out     %al, %dx
still_running:
        mov     $'!', %al
        mov     $0x3f8, %dx
        out     %al, %dx
        cli
        hlt
triple: lidt    no_idt
        ud2
no_idt: .short  0
        .long   0
