# Changes its time-stamp counter, writes arbitrary stamps for handlers that never ran, and reports all of them as taken.

        .include "long64.inc"

        .set    IA32_TSC,             0x10

main:
        call    install_idt
        call    program_pics
        xor     %eax, %eax
        mov     $0x100, %edx                          # some minutes ahead
        mov     $IA32_TSC, %ecx
        wrmsr
        mov     $0x9e3779b97f4a7c15, %rax
        mov     $STAMPS, %edi
1:      mov     %rax, (%rdi)
        imul    $0x5851f42d, %rax, %rax
        inc     %rax
        add     $8, %edi
        cmp     $STAMPS + 0x1000, %edi
        jb      1b
        mov     $DOORBELL_PORT, %edx
        mov     $(DOORBELL_TAKEN << 24), %eax
2:      out     %eax, %dx
        inc     %al
        jnz     2b
        call    report_ready
sleep:  hlt
        jmp     sleep
