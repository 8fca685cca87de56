# elf32 at 0x100000
# Prints its command line's last character, and ends with the value of that character above '0': "0" is success,
# "1" failure. With "h" it does not wake up again with IF=0, with "u" it takes an exception without an IDT.
        .code32
        .balign 4
header: .long   0x1badb002, 0, -0x1badb002
        .globl  _start
_start: mov     16(%ebx), %esi
1:      lodsb
        test    %al, %al
        jz      2f
        mov     %al, %cl
        jmp     1b
2:      mov     $0x3f8, %dx
        mov     $'F', %al
        cmp     $'1', %cl
        jne     3f
        out     %al, %dx
        mov     $'A', %al
        out     %al, %dx
        mov     $'I', %al
        out     %al, %dx
        mov     $'L', %al
        out     %al, %dx
        mov     $' ', %al
        out     %al, %dx
3:      mov     %cl, %al
        out     %al, %dx
        mov     $'\n', %al
        out     %al, %dx
        cmp     $'h', %cl
        je      asleep
        cmp     $'u', %cl
        je      undefined
        movzx   %cl, %eax
        sub     $'0', %eax
        out     %eax, $0xf4
        hlt
asleep: cli
        hlt
        jmp     asleep
undefined:
        ud2
