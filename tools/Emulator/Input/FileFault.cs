using System.Security;

namespace Carveout.Emulator.Input;

/// <summary>Says why a file or folder that the user named cannot be used, in words that do not depend on the operating system.</summary>
internal static class FileFault
{
    /// <summary>Whether an exception is about the file, and not a defect of Carveout.</summary>
    public static bool Is(Exception e) => e is IOException or InvalidDataException or UnauthorizedAccessException or SecurityException
        or ArgumentException or NotSupportedException;

    /// <summary>The message for a file that is read.</summary>
    /// <param name="path">Its name as it was given.</param>
    /// <param name="e">The exception of opening or reading it.</param>
    /// <param name="option">The option that named it; null if the name is enough.</param>
    public static UsageException Of(string path, Exception e, string? option = null) =>
        Named(path, option, e is FileNotFoundException or DirectoryNotFoundException && !Directory.Exists(path)
            ? "there is no such file" : Why(path, e));

    /// <summary>The message for a file that is written.</summary>
    /// <param name="path">Its name as it was given.</param>
    /// <param name="e">The exception of creating or writing it.</param>
    /// <param name="option">The option that named it.</param>
    public static UsageException OfOutput(string path, Exception e, string option) =>
        Named(path, option, FileAmong(Path.GetDirectoryName(path)) is string file ? $"{file} is a file, expected a folder"
            : e is DirectoryNotFoundException ? $"there is no folder {Path.GetDirectoryName(path)}" : Why(path, e));

    /// <summary>The message for a folder.</summary>
    /// <param name="path">Its name as it was given.</param>
    /// <param name="e">The exception of creating it or writing into it.</param>
    /// <param name="option">The option that named it.</param>
    public static UsageException OfFolder(string path, Exception e, string option) =>
        Named(path, option, File.Exists(path) ? "this is a file, expected a folder"
            : FileAmong(Path.GetDirectoryName(path)) is string file ? $"{file} is a file, expected a folder"
            : e is UnauthorizedAccessException ? "permission denied"
            : e is FileNotFoundException or DirectoryNotFoundException ? "no folder can be made here" : e.Message);

    /// <summary>Makes sure, before a long run, that a result file can be created. An existing one is left alone, because it may be a pipe,
    /// which opening and closing would end.</summary>
    /// <param name="path">Its name as it was given.</param>
    /// <param name="option">The option that named it.</param>
    /// <exception cref="UsageException">It cannot be created.</exception>
    public static void RequirePlaceFor(string path, string option)
    {
        try
        {
            if (!File.Exists(path))
            {
                using (File.Create(path))
                {
                }
                File.Delete(path);
            }
        }
        catch (Exception e) when (Is(e))
        {
            throw OfOutput(path, e, option);
        }
    }

    /// <summary>The file that is in the way of a folder, at its path or above it; null if there is none.</summary>
    private static string? FileAmong(string? path)
    {
        while (!string.IsNullOrEmpty(path) && !Path.Exists(path))
        {
            path = Path.GetDirectoryName(path);
        }
        return File.Exists(path) ? path : null;
    }

    private static string Why(string path, Exception e) =>
        Directory.Exists(path) ? "this is a directory, expected a file" : e is UnauthorizedAccessException ? "permission denied" : e.Message;

    private static UsageException Named(string path, string? option, string why)
    {
        string name = string.Join(' ', new[] { option, path }.Where(word => !string.IsNullOrEmpty(word)));
        return new UsageException(path.Length > 0 ? $"{name}: {why}"
            : option is null ? "the name of the file is empty" : $"{option}: the name is empty");
    }
}
