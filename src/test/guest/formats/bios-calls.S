# binary at 0x7c00
# A boot sector that asks the BIOS for what boot code asks, and prints the answers by it.
        .code16
        .globl  _start
_start: xor     %ax, %ax
        mov     %ax, %ds
        mov     %ax, %es
        mov     %ax, %ss
        mov     $0x7c00, %sp
        int     $0x12                                 # KiB below 1 MiB
        call    word
        mov     $0x88, %ah                            # KiB above
        int     $0x15
        jc      failed
        call    word
        mov     $0xe801, %ax                          # KiB up to 16 MiB, 64 KiB above
        int     $0x15
        jc      failed
        call    word
        mov     %bx, %ax
        call    word
        mov     $0xe8, %ah                            # there is no such function
        int     $0x15
        jnc     failed
        mov     $0x02, %ah                            # no disk
        int     $0x13
        jnc     failed
        call    new_line
        xor     %ebx, %ebx
1:      mov     $0xe820, %eax
        mov     $0x534d4150, %edx
        mov     $20, %ecx
        mov     $range, %di
        int     $0x15
        jc      failed
        cmp     $0x534d4150, %eax
        jne     failed
        cmp     $20, %ecx
        jne     failed
        mov     range + 2, %ax
        call    word
        mov     range, %ax
        call    word
        mov     range + 10, %ax
        call    word
        mov     range + 8, %ax
        call    word
        mov     range + 16, %ax
        call    word
        call    new_line
        test    %ebx, %ebx
        jnz     1b
1:      mov     $0x01, %ah                            # waits until there is a key, takes and shows it
        int     $0x16
        jz      1b
        mov     $0x00, %ah
        int     $0x16
        call    print
        call    new_line
        mov     $0x10, %al
        out     %al, $0xf4
failed: mov     $0xff, %al
        out     %al, $0xf4
new_line:
        mov     $'\n', %al
print:  mov     $0x0e, %ah
        int     $0x10
        ret
word:   mov     %ax, %bp                              # AX in hexadecimal, and a space
        mov     $4, %cx
1:      rol     $4, %bp
        mov     %bp, %ax
        and     $0x0f, %al
        cmp     $10, %al
        jb      2f
        add     $'a' - '0' - 10, %al
2:      add     $'0', %al
        call    print
        loop    1b
        mov     $' ', %al
        jmp     print
        .org    510
        .word   0xaa55
range:  .skip   20
